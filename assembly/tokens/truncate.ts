import * as c from '../shared';
import { Greatest } from '../max/top_k';
import { Thinned } from '../sample/categorical';
import { Regions } from './regions';
import { Left } from './survivors';

/** dst = the rows of src with -Infinity in the place of what the parameters of a row remove. See src/js/tokens/truncate.ts. */
export function truncate<T>(src: usize, parameters: usize, dst: usize, rows: i32, n: i32, scratch: usize): void {
  const left = Left.at<T>(scratch, n),
    bytes = (<usize>n) << alignof<T>();
  for (let r = 0; r < rows; r++) {
    const max = v128.extract_lane<T>(Thinned.tops<T>(src, Greatest.tops<T>(left.lists, n), n), 0);
    if (isFinite<T>(max)) {
      left.survive<T>(src, max, parameters, Regions.of(parameters, c.TEMPERATURE));
      left.write<T>(src, dst);
    } else {
      memory.copy(dst, src, bytes);
    }
    src += bytes;
    dst += bytes;
    parameters += 8 * c.PARAMETERS;
  }
}
