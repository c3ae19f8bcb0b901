import type { DynamoDBStreamEvent, SQSEvent } from 'aws-lambda';
import * as z from 'zod';
import { queueHandler } from '../../../functions/middleware/queue-handler.ts';
import { streamHandler } from '../../../functions/middleware/stream-handler.ts';
import { taskHandler } from '../../../functions/middleware/task-handler.ts';
import { logger } from '../../../shared/platform/log.ts';
import { eachInTime } from '../../../shared/platform/each-in-time.ts';
import { context } from './api-request.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

const parcel = z.object({ parcel: z.string() });

describe('a queue', () => {
  const batch = (...bodies: string[]): SQSEvent =>
    ({
      Records: bodies.map((body, index) => ({
        messageId: `m${index}`,
        body,
        attributes: { ApproximateReceiveCount: '2' },
      })),
    }) as unknown as SQSEvent;

  test('gets back the messages that failed, and no others', async () => {
    const seen: string[] = [];
    const handler = queueHandler(parcel, async ({ parcel: name }, { attempt }) => {
      if (name === 'lost') throw new Error('lost');
      seen.push(`${name}/${attempt}`);
    });
    const answer = await handler(batch('{"parcel":"a"}', '{"parcel":"lost"}', '{"parcel":"b"}'), context);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(seen).toEqual(['a/2', 'b/2']);
  });

  test('gets back the one message that hangs, in time to say so, and finishes the others', async () => {
    jest.spyOn(logger, 'error');
    const seen: string[] = [];
    let told: AbortSignal | undefined;
    const handler = queueHandler(parcel, async ({ parcel: name }, { signal }) => {
      if (name !== 'stuck') return void seen.push(name);
      told = signal;
      await new Promise<never>(() => undefined);
    });
    const short = { ...context, getRemainingTimeInMillis: () => 2050 };
    const answer = await handler(batch('{"parcel":"stuck"}', '{"parcel":"b"}'), short);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
    expect(seen).toEqual(['b']);
    expect(told?.aborted).toBe(true);
  });

  test('keeps a message that does not parse, for its dead letters', async () => {
    const log = jest.spyOn(logger, 'error');
    const work = jest.fn(async () => undefined);
    const answer = await queueHandler(parcel, work)(batch('{"parcel":', '{"parcel":1}'), context);
    expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(['m0', 'm1']);
    expect(work).not.toHaveBeenCalled();
    expect(log).toHaveBeenCalledTimes(2);
  });
});

describe('a stream', () => {
  const numbered = (SequenceNumber: string) =>
    ({
      eventName: 'MODIFY',
      dynamodb: {
        SequenceNumber,
        Keys: { pk: { S: 'order' } },
        NewImage: { pk: { S: 'order' }, seats: { L: [{ N: '3' }] }, fenced: { SS: ['a'] } },
        OldImage: { pk: { S: 'order' } },
      },
    }) as unknown as DynamoDBStreamEvent['Records'][number];
  const batch = { Records: [numbered('11'), numbered('12')] };

  /** A function that has so long left, and less and less. */
  const runningOut = (milliseconds: number) => {
    const until = performance.now() + milliseconds;
    return { ...context, getRemainingTimeInMillis: () => until - performance.now() };
  };

  test('hands over plain values, in order', async () => {
    const work = jest.fn(async () => undefined);
    expect(await streamHandler(work)(batch, context)).toEqual({ batchItemFailures: [] });
    const record = {
      eventName: 'MODIFY',
      keys: { pk: 'order' },
      newImage: { pk: 'order', seats: [3], fenced: new Set(['a']) },
      oldImage: { pk: 'order' },
    };
    expect(work).toHaveBeenCalledWith(
      [
        { ...record, sequenceNumber: '11' },
        { ...record, sequenceNumber: '12' },
      ],
      expect.anything(),
    );
  });

  test('comes again from the first record that failed, in whatever order they are told', async () => {
    const handler = streamHandler(async (records) =>
      records
        .slice(1)
        .map((record) => ({ record, why: new Error('lost') }))
        .toReversed(),
    );
    const longer = { Records: [...batch.Records, numbered('13')] };
    expect(await handler(longer, context)).toEqual({ batchItemFailures: [{ itemIdentifier: '12' }] });
  });

  test('comes again from the record that hangs, in time to say so, and the others are worked on', async () => {
    const seen: string[] = [];
    const handler = streamHandler(async (records, time) => {
      const failed = await eachInTime(records, time, async ({ sequenceNumber }) => {
        if (sequenceNumber === '12') await new Promise<never>(() => undefined);
        seen.push(sequenceNumber);
      });
      return failed.map(({ thing: record, why }) => ({ record, why }));
    });
    const longer = { Records: [...batch.Records, numbered('13')] };
    const answer = await handler(longer, runningOut(2200));
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '12' }] });
    expect(seen).toEqual(['11', '13']);
  });

  test('comes again from the start when the work as a whole hangs, in time to say so', async () => {
    const handler = streamHandler(() => new Promise<never>(() => undefined));
    const answer = await handler(batch, runningOut(1100));
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '11' }] });
  });

  test('comes again from the start when the work throws', async () => {
    const handler = streamHandler(async () => {
      throw new Error('no connection');
    });
    expect(await handler(batch, context)).toEqual({ batchItemFailures: [{ itemIdentifier: '11' }] });
  });

  test('never takes a record it cannot read for a success', async () => {
    const strange = { Records: [{ eventName: 'MODIFY' }] } as unknown as DynamoDBStreamEvent;
    await expect(streamHandler(async () => undefined)(strange, context)).rejects.toThrow(TypeError);
  });
});

describe('a task', () => {
  test('gets its input parsed and answers what the work answers', async () => {
    const handler = taskHandler(parcel, async ({ parcel: name }) => ({ name }));
    expect(await handler({ parcel: 'a', more: 1 }, context)).toEqual({ name: 'a' });
  });

  test('lets a named error through, since the workflow catches by name', async () => {
    const [errors, informed] = [jest.spyOn(logger, 'error'), jest.spyOn(logger, 'info')];
    const handler = taskHandler(parcel, async () => {
      throw Object.assign(new Error('paid meanwhile'), { name: 'AlreadyPaid' });
    });
    await expect(handler({ parcel: 'a' }, context)).rejects.toMatchObject({ name: 'AlreadyPaid' });
    expect(errors).not.toHaveBeenCalled();
    // Not as `message`: the logger drops what is called like one of its own keys, and complains.
    expect(informed).toHaveBeenCalledWith('a task ended with a named result', {
      error: 'AlreadyPaid',
      why: 'paid meanwhile',
    });
  });

  test.each([
    { name: 'ThrottlingException' },
    { name: 'TransactionConflictException' },
    { name: 'InternalServerError', $fault: 'server' },
  ])('calls $name by the one name that the workflow tries again by', async (kind) => {
    const handler = taskHandler(parcel, async () => {
      throw Object.assign(new Error('slow down'), kind);
    });
    await expect(handler({ parcel: 'a' }, context)).rejects.toMatchObject({ name: 'TransientFailure' });
  });

  test('reports what is broken, input that does not parse included', async () => {
    const errors = jest.spyOn(logger, 'error');
    await expect(taskHandler(parcel, async () => 1)({ parcel: 1 }, context)).rejects.toThrow(z.ZodError);
    expect(errors).toHaveBeenCalledTimes(1);
  });
});
