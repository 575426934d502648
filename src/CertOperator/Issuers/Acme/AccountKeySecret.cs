using System.Text;
using System.Text.Json.Nodes;
using CertOperator.Acme.Jose;
using CertOperator.Api;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;
using CertOperator.Secrets;

namespace CertOperator.Issuers.Acme;

/// <summary>
/// The account key of one issuer in its Secret. A key is stored before the CA hears of it; while a key is being changed both
/// stand there, and the old one leaves only when the CA has been seen to take the new one.
/// </summary>
internal sealed class AccountKeySecret(IKubeClient client, AcmeIssuerSpec spec, string @namespace)
{
    private const string DefaultAlgorithm = "ES256";

    private readonly ObjectKey _secret = new(@namespace, spec.PrivateKeySecretRef.Name);
    private readonly string _entry = spec.PrivateKeySecretRef.Key ?? SecretEntries.PrivateKey;

    private string NextEntry => $"{_entry}.next";

    /// <summary>The key, made and stored if there is none; and the one that is to follow it, if a change was begun.</summary>
    /// <exception cref="AccountException">There is none and none may be made, or what is there is no key.</exception>
    public async Task<(LocalAccountKey Current, LocalAccountKey? Next)> ReadOrCreateAsync(CancellationToken cancel)
    {
        Secret secret = await client.FindAsync<Secret>(_secret, cancel) ?? await CreateAsync(cancel);
        LocalAccountKey current = Read(secret, _entry) ?? throw new AccountException(
            "AccountKeyMissing", $"The Secret {_secret} has nothing under the key {_entry}, which is to hold the ACME account key: add it, or delete the Secret to have one made.");
        return (current, Read(secret, NextEntry));
    }

    /// <summary>Stores a new key beside the present one.</summary>
    public async Task<LocalAccountKey> PrepareNextAsync(CancellationToken cancel)
    {
        var next = LocalAccountKey.Generate(spec.AccountKeyAlgorithm ?? DefaultAlgorithm);
        await PatchAsync(new JsonObject { [NextEntry] = Encode(next) }, cancel);
        return next;
    }

    /// <summary>The new key takes the place of the former one. Only after the CA was seen to have it.</summary>
    public Task CommitNextAsync(LocalAccountKey next, CancellationToken cancel)
        => PatchAsync(new JsonObject { [_entry] = Encode(next), [NextEntry] = null }, cancel);

    private async Task<Secret> CreateAsync(CancellationToken cancel)
    {
        if (spec.DisableAccountKeyGeneration == true)
        {
            throw new AccountException("AccountKeyMissing",
                $"The Secret {_secret} with the ACME account key does not exist, and disableAccountKeyGeneration forbids making one: create it with the key {_entry}.");
        }

        using var key = LocalAccountKey.Generate(spec.AccountKeyAlgorithm ?? DefaultAlgorithm);
        var secret = new Secret
        {
            Metadata = new ObjectMeta
            {
                Name = _secret.Name,
                Namespace = _secret.Namespace,
                Labels = new Dictionary<string, string> { [Labels.ManagedBy] = Labels.ManagedByValue },
            },
            SecretType = "Opaque",
            Data = new Dictionary<string, byte[]> { [_entry] = Encoding.UTF8.GetBytes(key.ToPem()) },
        };
        try
        {
            return await client.CreateAsync(secret, cancel);
        }
        catch (KubeException taken) when (taken.Failure is KubeFailure.AlreadyExists)
        {
            // Two issuers with one Secret share the account, and the first key is its key.
            return await client.FindAsync<Secret>(_secret, cancel) ?? throw new KubeException(KubeFailure.Conflict, $"The Secret {_secret} came and went.");
        }
    }

    private LocalAccountKey? Read(Secret secret, string entry)
    {
        if (secret.Data?.GetValueOrDefault(entry) is not { Length: > 0 } pem)
            return null;
        try
        {
            return LocalAccountKey.FromPem(Encoding.UTF8.GetString(pem));
        }
        catch (ArgumentException unreadable)
        {
            throw new AccountException("AccountKeyUnusable", $"The Secret {_secret} holds no ACME account key under the key {entry}: {unreadable.Message} Store one in PEM, or delete the Secret to have one made.");
        }
    }

    private Task<Secret> PatchAsync(JsonObject data, CancellationToken cancel)
        => client.PatchAsync<Secret>(_secret, new JsonObject { ["data"] = data }, cancel);

    private static string Encode(LocalAccountKey key) => Convert.ToBase64String(Encoding.UTF8.GetBytes(key.ToPem()));
}
