/** What tsc takes the types of AssemblyScript for in the files of this folder that both compilers read. */
type f32 = number;
type f64 = number;
type StaticArray<T> = readonly T[];
