import type {Route} from './endpoint.js'

/** The route of tarballs. It has its own module because loading the schemas takes longer than most downloads. */
export const tarballDownload = {
  service: 'package',
  method: 'GET',
  path: '/packages/{name}/{version}/tarball',
  access: 'reader',
  purpose: 'download the package tarball',
  responseFormat: 'bytes',
} as const satisfies Route
