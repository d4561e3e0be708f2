/**
 * A worker thread: receives jobs and sends previews, null for a tarball that exceeds the limits, or `unreadable` if the
 * machine failed to read it.
 */
import {parentPort} from 'node:worker_threads'

import {makePreview, type PreviewJob} from './make-preview.js'

parentPort?.on('message', (job: PreviewJob) => {
  void makePreview(job).then(
    (made) => parentPort?.postMessage(made),
    (error: unknown) => parentPort?.postMessage(error instanceof Error && 'syscall' in error ? 'unreadable' : null),
  )
})
