import type {PreviewFile} from './preview.js'

type Kind = PreviewFile['kind']

/** The type of an image by its first bytes. SVG isn't among them, since it is a document that can run scripts. */
export function imageType(bytes: Uint8Array): Kind | undefined {
  const text = Buffer.from(bytes.subarray(0, 16)).toString('latin1')
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (text.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (/^GIF8[79]a/.test(text)) return 'image/gif'
  if (/^RIFF[^]{4}WEBP/.test(text)) return 'image/webp'
  return /^[^]{4}ftypavi[fs]/.test(text) ? 'image/avif' : undefined
}
