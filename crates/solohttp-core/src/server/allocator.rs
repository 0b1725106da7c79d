//! Tunes glibc's allocator for large pages.

/// Lets glibc keep up to 8 MiB of freed memory instead of returning it to the operating system.
///
/// Freeing a 4 MiB block raises glibc's dynamic trim threshold from 128 KiB to 8 MiB. Otherwise,
/// rendering a 1 MiB page requests new memory from the system, 4 KiB at a time, and takes nearly
/// four times as long (measured in a virtual machine, where page faults are expensive). This has no
/// effect on other systems.
pub(super) fn keep_freed_memory() {
    drop(std::hint::black_box(Vec::<u8>::with_capacity(4 << 20)));
}
