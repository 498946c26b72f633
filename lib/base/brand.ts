/** Nominal types without a run-time cost. The casts of the product stand in the files that make the values. */
declare const brand: unique symbol;

export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
