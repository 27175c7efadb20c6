/** A class as a decorator sees it. */
export type Class = abstract new (...args: never[]) => object;
