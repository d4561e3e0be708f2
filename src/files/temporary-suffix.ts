/** The suffix of temporary files, which may be left behind by a killed process and are never packed. */
export const temporarySuffix = '.apkg-tmp'
