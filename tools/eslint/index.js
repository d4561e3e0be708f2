import commandShape from './command-shape.js'
import commandStatics from './command-statics.js'
import disableReason from './disable-reason.js'
import fileNames from './file-names.js'
import folderCircles from './folder-circles.js'
import importArrows from './import-arrows.js'
import noAmbient from './no-ambient.js'
import noExpose from './no-expose.js'
import noSkippedTests from './no-skipped-tests.js'
import noMessageBranching from './no-message-branching.js'
import testTitles from './test-titles.js'

/** Rules of this project that no public plugin provides. */
export default {
  meta: {name: 'house'},
  rules: {
    'command-shape': commandShape,
    'command-statics': commandStatics,
    'disable-reason': disableReason,
    'file-names': fileNames,
    'folder-circles': folderCircles,
    'import-arrows': importArrows,
    'no-ambient': noAmbient,
    'no-expose': noExpose,
    'no-skipped-tests': noSkippedTests,
    'no-message-branching': noMessageBranching,
    'test-titles': testTitles,
  },
}
