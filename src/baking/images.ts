export { type BakePngOptions, bakePng, type UnbakePngOptions, unbakePng } from './png.js'
export { type BakeSvgOptions, bakeSvg, type UnbakeSvgOptions, unbakeSvg } from './svg.js'
