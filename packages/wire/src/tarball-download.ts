import type {Route} from './protocol/endpoint.js'

/** The route of tarballs, apart from the schemas: loading those takes longer than many downloads. */
export const tarballDownload = {
  service: 'package',
  method: 'GET',
  path: '/packages/{name}/{version}/tarball',
  access: 'reader',
  purpose: 'download the package tarball',
  answerFormat: 'bytes',
} as const satisfies Route
