/**
 * Returns a DLL for Windows (x64) without code. Its only function is that of another DLL.
 *
 * @param forward the other function, such as `ADVAPI32.SystemFunction036`
 */
export function forwardingDll(fileName: string, exported: string, forward: string): Buffer {
  const [headerSize, sectionStart, alignment] = [0x200, 0x1000, 0x200]
  const exports = exportsOf(sectionStart, fileName, exported, forward)
  const image = Buffer.alloc(headerSize + alignment)
  exports.copy(image, headerSize)

  image.write('MZ', 0)
  image.writeUInt32LE(0x40, 0x3c)
  image.write('PE', 0x40)
  const [x64, sections, optionalHeaderSize, dll] = [0x8664, 1, 240, 0x2022]
  image.writeUInt16LE(x64, 0x44)
  image.writeUInt16LE(sections, 0x46)
  image.writeUInt16LE(optionalHeaderSize, 0x54)
  image.writeUInt16LE(dll, 0x56)

  const [optional, pe32Plus, gui, directories] = [0x58, 0x20b, 2, 16]
  image.writeUInt16LE(pe32Plus, optional)
  image.writeBigUInt64LE(0x1_8000_0000n, optional + 24)
  image.writeUInt32LE(sectionStart, optional + 32)
  image.writeUInt32LE(alignment, optional + 36)
  image.writeUInt16LE(6, optional + 40)
  image.writeUInt16LE(6, optional + 48)
  image.writeUInt32LE(2 * sectionStart, optional + 56)
  image.writeUInt32LE(headerSize, optional + 60)
  image.writeUInt16LE(gui, optional + 68)
  image.writeUInt32LE(directories, optional + 108)
  image.writeUInt32LE(sectionStart, optional + 112)
  image.writeUInt32LE(exports.length, optional + 116)

  const [section, readable] = [optional + optionalHeaderSize, 0x4000_0040]
  image.write('.edata', section)
  image.writeUInt32LE(exports.length, section + 8)
  image.writeUInt32LE(sectionStart, section + 12)
  image.writeUInt32LE(alignment, section + 16)
  image.writeUInt32LE(headerSize, section + 20)
  image.writeUInt32LE(readable, section + 36)
  return image
}

/** The export directory, followed by its tables of one function and its strings. */
function exportsOf(start: number, fileName: string, exported: string, forward: string): Buffer {
  const tables = Buffer.alloc(40 + 4 + 4 + 2)
  const strings = [fileName, exported, forward].map((each) => Buffer.from(`${each}\0`))
  const [nameAt, exportedAt, forwardAt] = strings.map(
    (_, index) => start + tables.length + Buffer.concat(strings.slice(0, index)).length,
  ) as [number, number, number]
  tables.writeUInt32LE(nameAt, 12)
  for (const count of [16, 20, 24]) tables.writeUInt32LE(1, count)
  for (const [index, table] of [40, 44, 48].entries()) tables.writeUInt32LE(start + table, 28 + 4 * index)
  // An address within the directory is that of the function to forward to.
  tables.writeUInt32LE(forwardAt, 40)
  tables.writeUInt32LE(exportedAt, 44)
  return Buffer.concat([tables, ...strings])
}
