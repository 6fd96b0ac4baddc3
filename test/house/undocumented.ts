// This export has no docstring on purpose: the documentation test checks that its check finds it.
export const undocumentedExport = 1;
