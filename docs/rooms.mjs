// A plugin of typedoc: a constant that can be called is documented as a function, names are grouped by the room of src/ that
// they come from, and the parts of a docstring become paragraphs.
import { basename, dirname } from 'node:path';
import { Comment, CommentTag, Converter, ReflectionKind } from 'typedoc';

/**
 * @param {import('typedoc').Application} app
 */
export function load({ converter }) {
  converter.on(Converter.EVENT_BEGIN, callable);
  converter.on(Converter.EVENT_RESOLVE_BEGIN, group);
  converter.on(Converter.EVENT_RESOLVE_BEGIN, paragraphs);
}

/** Without the tag typedoc shows the name of the constant's type, and no signature. It is ignored where nothing can be called. */
function callable(context) {
  const { getComment } = context;
  Object.getPrototypeOf(context).getComment = function (symbol, kind) {
    const comment = getComment.call(this, symbol, kind);
    if (kind === ReflectionKind.Variable) comment?.modifierTags.add('@function');
    return comment;
  };
}

function group(context) {
  for (const reflection of context.project.children) {
    const [declaration] = context.getSymbolFromReflection(reflection).declarations;
    const room = basename(dirname(declaration.getSourceFile().fileName));
    reflection.comment ??= new Comment();
    reflection.comment.blockTags.push(new CommentTag('@category', [{ kind: 'text', text: room }]));
  }
}

const PARTS = /(^|\s)(Shapes|Special\s+values|Errors|Accuracy(?: \(\w+\))?|Source): /g;

function paragraphs({ project }) {
  for (const { comment } of Object.values(project.reflections)) {
    for (const part of comment?.summary ?? []) {
      if (part.kind === 'text') part.text = part.text.replace(PARTS, '\n\n**$2:** ');
    }
  }
}
