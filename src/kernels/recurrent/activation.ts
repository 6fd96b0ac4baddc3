// name → activation of the state of a cell without gates

/** Activation of a state. */
export type StateActivation = 'tanh' | 'relu';
