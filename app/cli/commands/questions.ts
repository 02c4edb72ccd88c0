import type { Command } from 'commander';
import type { Question, QuestionAnswer } from '../../../core/engine/engine.ts';
import { formatTime, printable } from '../format.ts';
import { usage } from '../parse.ts';
import type { AddCommand } from '../shell.ts';

const answers: readonly QuestionAnswer[] = ['apply', 'undo', 'later'];

/** `lockstep questions` and `lockstep answer`: what waits for a person. */
export function addQuestionCommands(program: Command, add: AddCommand): void {
  add(program, 'questions', 'list what waits for your answer', async (surface) => {
    const questions = await surface.withDevice((device) => device.call('questions'));
    surface.output.result(questions, questionLines(questions));
  });
  add(
    program,
    'answer <ID> <ANSWER>',
    'answer a question: `apply` lets it happen, `undo` takes it back, `later` leaves it open',
    async (surface, _options, id: string, word: string) => {
      const answer = answers.find((known) => known === word);
      if (answer === undefined) throw usage('An answer is `apply`, `undo` or `later`', '');
      const done = await surface.withDevice((device) => device.call('answer', { id, answer }));
      surface.output.result(done, [
        answer === 'later' ? 'The question stays open.' : 'Answered.',
        ...(done.undoId === null ? [] : [`Take it back with \`lockstep undo ${done.undoId}\`.`]),
      ]);
    },
  );
}

function questionLines(questions: readonly Question[]): readonly string[] {
  if (questions.length === 0) return ['Nothing waits for an answer.'];
  return questions.flatMap(({ id, sentence, since, answers: possible }) => [
    printable(sentence),
    `  since ${formatTime(since)}: \`lockstep answer ${id} ${possible.join('|')}\``,
  ]);
}
