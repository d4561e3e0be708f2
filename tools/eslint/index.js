import commandShape from './command-shape.js'
import commandStatics from './command-statics.js'
import disableReason from './disable-reason.js'
import fileNames from './file-names.js'
import importArrows from './import-arrows.js'
import noAmbient from './no-ambient.js'
import noExpose from './no-expose.js'
import noLeftOutTests from './no-left-out-tests.js'
import noMessageBranching from './no-message-branching.js'

/** Rules of this project that no public plugin provides. */
export default {
  meta: {name: 'house'},
  rules: {
    'command-shape': commandShape,
    'command-statics': commandStatics,
    'disable-reason': disableReason,
    'file-names': fileNames,
    'import-arrows': importArrows,
    'no-ambient': noAmbient,
    'no-expose': noExpose,
    'no-left-out-tests': noLeftOutTests,
    'no-message-branching': noMessageBranching,
  },
}
