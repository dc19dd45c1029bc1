//! Makes the texts.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    texts::constants()
}
