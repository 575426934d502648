namespace CertOperator.Acceptance.Pages;

/// <summary>One <see cref="PageWorld"/> for the pages of a class, started by the first test that asks for it.</summary>
public sealed class PageFixture : IAsyncDisposable
{
    private Task<PageWorld>? _started;

    public async ValueTask DisposeAsync()
    {
        if (_started is { IsCompletedSuccessfully: true })
            await (await _started).DisposeAsync();
    }

    internal Task<PageWorld> GetAsync() => _started ??= PageWorld.StartAsync();
}
