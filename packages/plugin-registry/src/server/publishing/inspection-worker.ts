/** A thread that looks into tarballs: a job comes in, an inspection goes out. */
import {parentPort} from 'node:worker_threads'

import {inspectArchive, type InspectionJob} from './inspect-archive.js'

parentPort?.on('message', (job: InspectionJob) => {
  void inspectArchive(job).then((inspection) => parentPort?.postMessage(inspection))
})
