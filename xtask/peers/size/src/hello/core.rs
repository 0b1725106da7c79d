//! solohttp-core alone.

fn main() -> Result<(), solohttp_core::Error> {
    solohttp_core::Server::from_args()?.run(|| "Hello, world!")
}
