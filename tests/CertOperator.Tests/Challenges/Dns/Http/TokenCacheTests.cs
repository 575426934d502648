namespace CertOperator.Challenges.Dns.Http;

public class TokenCacheTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_token_is_kept_until_shortly_before_it_expires()
    {
        var cache = new TokenCache(_time);

        CloudCredentials first = await cache.GetAsync(["id"], Fresh);
        _time.Advance(TimeSpan.FromMinutes(57));
        Assert.Same(first, await cache.GetAsync(["id"], Fresh));
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.NotSame(first, await cache.GetAsync(["id"], Fresh));
    }

    [Fact]
    public async Task Another_identity_has_another_token()
    {
        var cache = new TokenCache(_time);

        CloudCredentials first = await cache.GetAsync(["a", "b"], Fresh);

        Assert.NotSame(first, await cache.GetAsync(["a", "c"], Fresh));
        Assert.NotSame(first, await cache.GetAsync(["ab"], Fresh));
    }

    [Fact]
    public async Task A_refusal_is_not_kept()
    {
        var cache = new TokenCache(_time);

        await Assert.ThrowsAsync<IOException>(() => cache.GetAsync(["id"], () => throw new IOException("refused")));

        Assert.NotNull(await cache.GetAsync(["id"], Fresh));
    }

    private Task<CloudCredentials> Fresh() => Task.FromResult(new CloudCredentials { Token = "token", Expires = _time.GetUtcNow().AddHours(1) });
}
