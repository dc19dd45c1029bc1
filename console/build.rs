//! Turns the texts of `locales/` into constants.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    texts::constants("console")
}
