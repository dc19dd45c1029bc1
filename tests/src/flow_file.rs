//! A flow of one stage with one step, as a product team writes it: what most journeys need.

/// Builds a `flow.toml`. Values are TOML; texts are in both languages.
pub struct FlowFile {
    head: String,
    step: String,
    below: String,
}

impl FlowFile {
    /// A flow whose step is done by this condition, such as `{ confirmed = true }`.
    pub fn done(condition: &str) -> Self {
        let step = format!(
            r#"[[stage]]
id = "usage"
title = {{ ja = "使い始める", en = "Start" }}
[[stage.step]]
id = "step"
title = {{ ja = "やってみる", en = "Try it" }}
why = {{ ja = "役に立つ", en = "It helps" }}
minutes = 1
done = {condition}
"#
        );
        let head = "name = \"setup\"\ntitle = { ja = \"設定\", en = \"Setup\" }\n".to_owned();
        Self { head, step, below: String::new() }
    }

    /// The address to ask for help.
    pub fn contact(mut self, address: &str) -> Self {
        self.head += &format!("contact = \"{address}\"\n");
        self
    }

    /// The page where the step is done.
    pub fn link(mut self, path: &str) -> Self {
        self.step += &format!("link = \"{path}\"\n");
        self
    }

    /// Further lines of the step, and then tables below it, such as guides or surveys.
    pub fn with(mut self, toml: &str) -> Self {
        self.below += toml;
        self
    }

    /// The file's text.
    pub fn text(&self) -> String {
        [self.head.as_str(), &self.step, &self.below].concat()
    }
}
