using CertOperator.Acme.Accounts;
using CertOperator.Acme.Errors;
using CertOperator.Acme.Jose;
using CertOperator.Acme.Protocol;

namespace CertOperator.Issuers.Acme;

/// <summary>
/// Gives an account another key (RFC 8555 section 7.3.5): stores the new one beside the old one, tells the CA, asks the CA, and only then
/// drops the old one. It may end at any point and is taken up again.
/// </summary>
internal sealed class KeyRollover(AcmeClient server, AccountKeySecret keys, Func<CancellationToken, Task<Registration>> registration)
{
    /// <returns>The key that the account has now; null with a sentence if it could not be changed.</returns>
    public async Task<(LocalAccountKey? Key, string? Problem)> RunAsync(LocalAccountKey current, LocalAccountKey? prepared, CancellationToken cancel)
    {
        LocalAccountKey next = prepared ?? await keys.PrepareNextAsync(cancel);
        try
        {
            // After a restart the CA may have it already.
            if (prepared is null || await server.Accounts.FindAsync(next, cancel) is null)
            {
                AccountResource owner = await server.Accounts.RegisterAsync(current, await registration(cancel), cancel);
                await server.Accounts.RolloverKeyAsync(owner.Account, next, cancel);
            }
        }
        catch (AcmeException failure)
        {
            return (null, $"The account keeps its key, because it could not be changed: {failure.Message}");
        }

        await keys.CommitNextAsync(next, cancel);
        return (next, null);
    }
}
