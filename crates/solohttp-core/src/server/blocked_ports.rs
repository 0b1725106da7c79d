//! The ports that browsers block (Fetch standard, section 2.9, "port blocking"). Servers for other
//! protocols on those ports might mistake an HTTP request for a command.

/// In ascending order, as of 2026.
const BLOCKED: &[u16] = &[
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101,
    102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427,
    465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990,
    993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667,
    6668, 6669, 6679, 6697, 10080,
];

/// Whether browsers block `http://localhost:port/`. Port 0 isn't blocked: it requests any free port
/// from the system, which never picks a blocked port.
pub(super) fn is_blocked(port: u16) -> bool {
    port != 0 && BLOCKED.binary_search(&port).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_common_ports() {
        for port in [1, 22, 25, 2049, 5060, 6000, 6667, 10080] {
            assert!(is_blocked(port), "{port}");
        }
        for port in [0, 80, 443, 3000, 4740, 5000, 5173, 6001, 8000, 8080, 8443, u16::MAX] {
            assert!(!is_blocked(port), "{port}");
        }
        assert!(BLOCKED.is_sorted());
    }
}
