export {metricsRoute} from './metrics-route.js'
export {createMetricsServer} from './metrics-server.js'
export {ServerMetrics} from './server-metrics.js'
export {timed, timedParts} from './timed.js'
