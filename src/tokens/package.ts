/** anymax/tokens with all that the package has: so its bundle shares every part of the engine with the main entry. */
export * from '../ops.ts';
export * from './tokens.ts';
