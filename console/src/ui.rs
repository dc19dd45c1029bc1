//! What the pages share on screen: the layout around them and the charts.

pub mod charts;
pub mod layout;
