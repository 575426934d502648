using System.Buffers;
using System.IO.Pipelines;

namespace CertOperator.Runtime.Client.Http;

/// <summary>Reads the body of a reply in pieces, never holding more than a limit at once.</summary>
internal sealed class BodyReader : IDisposable
{
    private static readonly StreamPipeReaderOptions Pieces = new(bufferSize: 64 * 1024, minimumReadSize: 4 * 1024);

    private readonly PipeReader _pipe;
    private readonly long _limit;

    private BodyReader(Stream body, long limit)
    {
        _pipe = PipeReader.Create(body, Pieces);
        _limit = limit;
    }

    /// <param name="response">Whose body to read; still owned by the caller.</param>
    /// <param name="limit">Bytes that may be held unconsumed.</param>
    public static BodyReader Open(HttpResponseMessage response, long limit) => new(response.Content.ReadAsStream(), limit);

    /// <summary>Everything not consumed yet, with more than was last examined unless the body is over.</summary>
    public async Task<(ReadOnlySequence<byte> Bytes, bool IsEnd)> ReadAsync(CancellationToken cancel)
    {
        var result = await _pipe.ReadAsync(cancel).ConfigureAwait(false);
        return result.Buffer.Length > _limit ? throw new BodyTooLargeException(_limit) : (result.Buffer, result.IsCompleted);
    }

    /// <summary>Lets go of what lies before <paramref name="consumed"/>; the next read brings something after <paramref name="examined"/>.</summary>
    public void Advance(SequencePosition consumed, SequencePosition examined) => _pipe.AdvanceTo(consumed, examined);

    public async Task<ReadOnlySequence<byte>> ReadToEndAsync(CancellationToken cancel)
    {
        while (true)
        {
            var (bytes, isEnd) = await ReadAsync(cancel).ConfigureAwait(false);
            if (isEnd) return bytes;
            Advance(bytes.Start, bytes.End);
        }
    }

    /// <summary>Gives the buffers back; what was read must not be used any more.</summary>
    public void Dispose() => _pipe.Complete();
}
