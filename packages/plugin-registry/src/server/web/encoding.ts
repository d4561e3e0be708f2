/** The content encoding that a client accepts, brotli first. Undefined if it accepts neither. */
export function encodingFor(accepted: string | undefined): 'br' | 'gzip' | undefined {
  const offered = (accepted ?? '').split(',').map((each) => each.trim().toLowerCase())
  return (['br', 'gzip'] as const).find((name) =>
    offered.some((each) => each === name || (each.startsWith(`${name};`) && !/;\s*q=0(?:\.0*)?$/.test(each))),
  )
}
