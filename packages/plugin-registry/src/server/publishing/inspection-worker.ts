/** A worker thread: receives jobs and sends inspections. */
import {parentPort} from 'node:worker_threads'

import {inspectArchive, type InspectionJob} from './inspect-archive.js'

parentPort?.on('message', (job: InspectionJob) => {
  void inspectArchive(job).then((inspection) => parentPort?.postMessage(inspection))
})
