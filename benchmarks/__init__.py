"""What the product promises of its speed, each beside hand-written SQL or a bare baseline in the same run."""
