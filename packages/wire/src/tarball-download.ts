import type {Endpoint} from './protocol/endpoint.js'

/** The endpoint that hands tarballs out, without schemas: to load those takes longer than many a download. */
export const tarballDownload = {
  service: 'package',
  method: 'GET',
  path: '/packages/{name}/{version}/tarball',
  access: 'reader',
  onPackage: 'read',
  purpose: 'download the package tarball',
  answerFormat: 'bytes',
} as const satisfies Endpoint
