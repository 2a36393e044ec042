"""Ce que rassemblent les pages des organisations."""
