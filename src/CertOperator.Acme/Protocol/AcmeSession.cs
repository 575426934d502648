using CertOperator.Acme.Errors;
using CertOperator.Acme.Jose;

namespace CertOperator.Acme.Protocol;

/// <summary>Signed requests to one server: nonces, and what may be tried again within a call. Thread-safe.</summary>
internal sealed class AcmeSession : IDisposable
{
    private readonly AcmeTransport _transport;
    private readonly NoncePool _nonces;
    private readonly AcmeClientOptions _options;
    private readonly TimeProvider _time;

    public AcmeSession(Uri directory, AcmeClientOptions options, TimeProvider time)
    {
        _transport = new AcmeTransport(options, time);
        _nonces = new NoncePool(time);
        _options = options;
        _time = time;
        Directory = new DirectoryCache(directory, this, time);
    }

    public DirectoryCache Directory { get; }

    public bool AllowHttp => _options.AllowHttp;

    public void Dispose()
    {
        Directory.Dispose();
        _transport.Dispose();
    }

    /// <summary>An unsigned GET or HEAD that succeeded.</summary>
    public Task<AcmeReply> GetAsync(AcmeStage stage, HttpMethod method, Uri url, CancellationToken cancel)
        => RetryAsync(stage, isRepeatable: true, () => _transport.GetAsync(stage, method, url, cancel), cancel);

    /// <summary>A POST to a resource that succeeded.</summary>
    public Task<AcmeReply> PostAsync(AcmeCall call, CancellationToken cancel)
        => RetryAsync(call.Stage, call.IsRepeatable, () => SignAndSendAsync(call, cancel), cancel);

    /// <summary>A POST to an address of the directory, which is read again if the server says that there is nothing.</summary>
    public async Task<AcmeReply> PostAsync(Func<AcmeDirectory, Uri> endpoint, Func<Uri, AcmeCall> call, CancellationToken cancel)
    {
        var directory = await Directory.GetAsync(cancel).ConfigureAwait(false);
        var url = endpoint(directory);
        try
        {
            return await PostAsync(call(url), cancel).ConfigureAwait(false);
        }
        catch (AcmeException failure) when (failure.Failure.Status is 404 or 405)
        {
            Directory.Forget(directory);
            var moved = endpoint(await Directory.GetAsync(cancel).ConfigureAwait(false));
            if (moved.OriginalString == url.OriginalString) throw;
            return await PostAsync(call(moved), cancel).ConfigureAwait(false);
        }
    }

    private async Task<AcmeReply> SignAndSendAsync(AcmeCall call, CancellationToken cancel)
    {
        var nonce = _nonces.Take() ?? await NewNonceAsync(cancel).ConfigureAwait(false);
        var body = await Jws.SignAsync(call.Key, call.Account, nonce, call.Url, call.Payload, cancel).ConfigureAwait(false);
        var request = new AcmeRequest(call.Stage, HttpMethod.Post, call.Url) { Body = body, Accept = call.Accept, MaxBytes = call.MaxBytes };
        return await _transport.SendAsync(request, cancel).ConfigureAwait(false);
    }

    private async Task<string> NewNonceAsync(CancellationToken cancel)
    {
        var directory = await Directory.GetAsync(cancel).ConfigureAwait(false);
        await GetAsync(AcmeStage.Nonce, HttpMethod.Head, directory.NewNonce, cancel).ConfigureAwait(false);
        return _nonces.Take() ?? throw Failures.Unreadable(AcmeStage.Nonce, directory.NewNonce, "the answer has no usable Replay-Nonce");
    }

    private async Task<AcmeReply> RetryAsync(AcmeStage stage, bool isRepeatable, Func<Task<AcmeReply>> send, CancellationToken cancel)
    {
        var budget = new RetryBudget(_options, _time);
        while (true)
        {
            TimeSpan? wait;
            try
            {
                var reply = await send().ConfigureAwait(false);
                Keep(reply);
                if (reply.IsSuccess) return reply;
                wait = budget.After(reply);
                if (wait is null) throw new AcmeException(Failures.Of(stage, reply));
            }
            catch (AcmeException failure) when (isRepeatable && failure.Failure.Status is null && (wait = budget.After(failure.Failure)) is not null)
            {
                // The wait follows below; the same signed body is never sent twice.
            }
            if (wait > TimeSpan.Zero) await Task.Delay(wait.Value, _time, cancel).ConfigureAwait(false);
        }
    }

    // A server that refuses one nonce, or fails without the words of an ACME server, has most likely lost all that it gave out before.
    private void Keep(AcmeReply reply)
    {
        if (reply.Problem?.Type == ProblemTypes.BadNonce || (reply.Status >= 500 && reply.Problem is null)) _nonces.Clear();
        if (reply.Nonce is { } nonce) _nonces.Add(nonce);
    }
}
