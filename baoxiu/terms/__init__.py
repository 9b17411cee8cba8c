"""C7: published procedures and the company's promise in versions – immutable, in force from a day; switches of rules."""
