/** Any class, also an abstract one. */
export type Class = abstract new (...args: never[]) => object;

/** A class that can be decorated as a Nest provider or module. */
export type ConcreteClass = new (...args: never[]) => object;
