/** A worker thread: receives jobs and sends previews, or null for a tarball that exceeds the limits. */
import {parentPort} from 'node:worker_threads'

import {makePreview, type PreviewJob} from './make-preview.js'

parentPort?.on('message', (job: PreviewJob) => {
  void makePreview(job).then(
    (made) => parentPort?.postMessage(made),
    () => parentPort?.postMessage(null),
  )
})
