//! All journeys in one program, which is linked once; each file beside this one is a module of it.

automod::dir!("tests");
