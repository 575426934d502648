using Xunit;

namespace CertOperator.Testing.Cluster;

/// <summary>What a test does about a real part that is not on this machine.</summary>
public static class MissingPart
{
    /// <summary>Skips the test, with the reason, when the part that it wants to start or run is missing.</summary>
    public static async Task<T> SkipsAsync<T>(Func<Task<T>> start)
    {
        try
        {
            return await start();
        }
        catch (MissingPartException e)
        {
            Assert.Skip(e.Message);
            throw;
        }
    }
}
