using System.Net;

namespace CertOperator.Runtime.Client.Http;

/// <summary>
/// Sends calls: credentials, time limits, one retry where that is safe. Whatever the HTTP stack throws ends here.
/// </summary>
internal sealed class KubeTransport : IDisposable
{
    private static readonly TimeSpan RenewAtMostEvery = TimeSpan.FromSeconds(5);

    private readonly KubeConfig _config;
    private readonly string _userAgent;
    private readonly TimeSpan _callTimeout;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _renewing = new(1, 1);
    private KubeSession _session;
    private long? _renewed;
    private bool _isDisposed;

    public KubeTransport(KubeConfig config, string userAgent, TimeSpan callTimeout, TimeProvider time)
    {
        (_config, _userAgent, _callTimeout, _time) = (config, userAgent, callTimeout, time);
        _session = new KubeSession(config.Read(), userAgent, time);
    }

    public KubeConnection Connection => Volatile.Read(ref _session).Connection;

    public TimeProvider Time => _time;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, true)) return;
        _session.Dispose();
        _renewing.Dispose();
    }

    /// <summary>Sends a call and reads its answer, within the time limit of a call.</summary>
    public async Task<TResult> CallAsync<TResult>(
        KubeRequest request, Func<HttpResponseMessage, CancellationToken, Task<TResult>> read, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(_callTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            using var reply = await ExchangeAsync(request, either.Token).ConfigureAwait(false);
            return await read(reply.Response, either.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (KubeErrors.Translate(request, failure, _callTimeout, cancel) is { } plain)
        {
            throw plain;
        }
    }

    /// <summary>Sends a call whose answer is read for as long as the caller likes; only its head must come within the time limit.</summary>
    public async Task<KubeReply> OpenAsync(KubeRequest request, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(_callTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            return await ExchangeAsync(request, either.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (KubeErrors.Translate(request, failure, _callTimeout, cancel) is { } plain)
        {
            throw plain;
        }
    }

    private async Task<KubeReply> ExchangeAsync(KubeRequest request, CancellationToken cancel)
        => await AttemptAsync(request, mayRepeat: true, cancel).ConfigureAwait(false)
            ?? (await AttemptAsync(request, mayRepeat: false, cancel).ConfigureAwait(false))!;

    /// <summary>The answer to a call that succeeded; null to try it once more.</summary>
    private async Task<KubeReply?> AttemptAsync(KubeRequest request, bool mayRepeat, CancellationToken cancel)
    {
        var session = Enter();
        HttpResponseMessage? response = null;
        KubeReply? reply = null;
        try
        {
            response = await session.SendAsync(request, cancel).ConfigureAwait(false);
            if (response.IsSuccessStatusCode) return reply = new KubeReply(session, response);
            var isRefused = response.StatusCode == HttpStatusCode.Unauthorized;
            if (mayRepeat && isRefused && await RenewAsync(session, cancel).ConfigureAwait(false)) return null;
            var status = await KubeErrors.ReadStatusAsync(response, cancel).ConfigureAwait(false);
            return request.MayBeAbsent && KubeErrors.SaysAbsent(response, status)
                ? reply = new KubeReply(session, response)
                : throw KubeErrors.Of(request, response, status, session.Secrets, _time);
        }
        catch (HttpRequestException failure) when (mayRepeat)
        {
            // A failed handshake has sent nothing, so even a write may follow it with newer settings.
            var isHandshake = failure.HttpRequestError == HttpRequestError.SecureConnectionError;
            if ((isHandshake && await RenewAsync(session, cancel).ConfigureAwait(false)) || request.IsRead) return null;
            throw;
        }
        finally
        {
            if (reply is null)
            {
                response?.Dispose();
                session.Dispose();
            }
        }
    }

    /// <summary>The session of now, held open.</summary>
    private KubeSession Enter()
    {
        while (true)
        {
            var session = Volatile.Read(ref _session);
            if (session.TryEnter()) return session;
            ObjectDisposedException.ThrowIf(ReferenceEquals(session, Volatile.Read(ref _session)), this);
        }
    }

    /// <summary>Reads the settings again, unless that was done just now; whether there are newer ones than the session's.</summary>
    private async Task<bool> RenewAsync(KubeSession used, CancellationToken cancel)
    {
        await _renewing.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (!ReferenceEquals(used, _session)) return true;
            if (_renewed is { } last && _time.GetElapsedTime(last) < RenewAtMostEvery) return false;
            _renewed = _time.GetTimestamp();
            // An exec plugin may take its time.
            var connection = await Task.Run(_config.Read, cancel).ConfigureAwait(false);
            Interlocked.Exchange(ref _session, new KubeSession(connection, _userAgent, _time)).Dispose();
            return true;
        }
        catch (KubeConfigException failure)
        {
            throw new KubeException(KubeFailure.Unauthorized, failure.Message);
        }
        finally
        {
            _renewing.Release();
        }
    }
}
