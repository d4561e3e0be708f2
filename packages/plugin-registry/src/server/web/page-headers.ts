/** The same for every page, so that it is also right for a response with 304. */
const contentSecurityPolicy = [
  "default-src 'none'",
  ...["script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'", "form-action 'self'"],
  ...["base-uri 'none'", "frame-ancestors 'none'"],
].join('; ')

/**
 * The headers of every response of the web. With helmet's default for `Referrer-Policy`, browsers would send
 * `Origin: null` with forms.
 */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
}

/**
 * `Strict-Transport-Security` for https off loopback. Without `includeSubDomains`, since other hosts of the domain may
 * not have https.
 */
export function transportHeaders(publicUrl: URL | undefined, isLoopback: boolean): Record<string, string> {
  if (publicUrl?.protocol !== 'https:' || isLoopback) return {}
  return {'strict-transport-security': 'max-age=31536000'}
}
