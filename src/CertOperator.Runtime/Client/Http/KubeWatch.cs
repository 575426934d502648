namespace CertOperator.Runtime.Client.Http;

/// <summary>One running watch.</summary>
internal sealed class KubeWatch<T> : IDisposable where T : class, IKubeObject<T>
{
    private readonly KubeRequest _request;
    private readonly KubeReply _reply;
    private readonly BodyReader _body;
    private readonly TimeSpan _limit;
    private readonly CancellationTokenSource _deadline;

    private KubeWatch(KubeRequest request, KubeReply reply, TimeSpan limit, TimeProvider time)
    {
        (_request, _reply, _limit) = (request, reply, limit);
        _body = BodyReader.Open(reply.Response, KubeLimits.Object);
        _deadline = new CancellationTokenSource(limit, time);
    }

    /// <param name="transport">Sends the request.</param>
    /// <param name="request">The watch.</param>
    /// <param name="limit">When a watch that the server does not end is given up: its connection may be dead.</param>
    /// <param name="cancel">Ends the call.</param>
    public static async Task<KubeWatch<T>> OpenAsync(KubeTransport transport, KubeRequest request, TimeSpan limit, CancellationToken cancel)
    {
        var reply = await transport.OpenAsync(request, cancel).ConfigureAwait(false);
        if (KubeErrors.IsJson(reply.Response)) return new KubeWatch<T>(request, reply, limit, transport.Time);
        reply.Dispose();
        throw KubeErrors.Failed(request, KubeFailure.Other, "the reply is not one of Kubernetes");
    }

    /// <summary>The next event; null when the server ends the watch.</summary>
    public async Task<WatchEvent<T>?> NextAsync(CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, _deadline.Token);
        try
        {
            return await ReadAsync(either.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (KubeErrors.Translate(_request, failure, _limit, cancel) is { } plain)
        {
            throw plain;
        }
    }

    public void Dispose()
    {
        _body.Dispose();
        _reply.Dispose();
        _deadline.Dispose();
    }

    private async Task<WatchEvent<T>?> ReadAsync(CancellationToken cancel)
    {
        while (true)
        {
            var (bytes, isEnd) = await _body.ReadAsync(cancel).ConfigureAwait(false);
            if (WatchReader.TryTakeLine(bytes, out var line, out var next))
            {
                var change = WatchReader.Decode<T>(line, status => KubeErrors.Of(_request, status, _reply.Session.Secrets));
                _body.Advance(next, next);
                return change;
            }

            if (isEnd) return bytes.IsEmpty ? null : throw new IOException("half a line");
            _body.Advance(bytes.Start, bytes.End);
        }
    }
}
