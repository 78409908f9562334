"""From a definition as a document to the compiled model, with every fault as a diagnostic."""
