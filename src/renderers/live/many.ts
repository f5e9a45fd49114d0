/** Hosts beyond which a line for each thing that happens on each of them is more than anybody reads. */
export const MANY = 20;
