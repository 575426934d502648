using CertOperator.Api;
using CertOperator.Issuers;
using CertOperator.Pki;
using CertOperator.Pki.Keys;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;
using CertOperator.Secrets;

namespace CertOperator.Controllers.Certificates;

/// <summary>
/// The key of a certificate that is being issued, in a Secret of its own until it is stored with the certificate: without it a
/// restart would lose what the CA signed.
/// </summary>
internal sealed class PendingKeys(IKubeClient client, KeyPairs keyPairs)
{
    /// <summary>Not the TLS type: nobody is to take it for a certificate's.</summary>
    public static readonly string SecretType = ApiGroup.Prefixed("pending-key");

    /// <summary>The key, made and stored if there is none that fits.</summary>
    public async Task<PrivateKey> GetAsync(Certificate certificate, DesiredCertificate desired, CancellationToken cancel)
    {
        if (await client.FindAsync<Secret>(KeyOf(certificate), cancel) is { } stored)
        {
            if (Read(stored, desired) is { } known)
                return known;
            await client.DeleteAsync<Secret>(KeyOf(certificate), stored.Metadata.Uid, cancel);
        }

        PrivateKey made = await keyPairs.NextAsync(desired.KeyAlgorithm, desired.KeySize, cancel);
        try
        {
            await client.CreateAsync(Build(certificate, made), cancel);
            return made;
        }
        catch
        {
            // Perhaps it is stored and only the answer was lost: then it is found next time.
            made.Dispose();
            throw;
        }
    }

    public Task DeleteAsync(Certificate certificate, CancellationToken cancel) => client.DeleteAsync<Secret>(KeyOf(certificate), null, cancel);

    /// <summary>Unlike the Certificate's own name, no user gives this one to a Secret, and no successor of the Certificate finds it.</summary>
    private static ObjectKey KeyOf(Certificate certificate)
    {
        string suffix = $"-pending-{certificate.Metadata.Uid}";
        string name = certificate.Metadata.Name ?? "";
        return new ObjectKey(certificate.Metadata.Namespace ?? "", name[..Math.Min(name.Length, 253 - suffix.Length)].TrimEnd('-', '.') + suffix);
    }

    private static Secret Build(Certificate certificate, PrivateKey key)
    {
        ObjectKey name = KeyOf(certificate);
        return new Secret
        {
            Metadata = new ObjectMeta
            {
                Name = name.Name,
                Namespace = name.Namespace,
                Labels = new Dictionary<string, string> { [Labels.ManagedBy] = Labels.ManagedByValue },
                OwnerReferences = [Owners.Controller(certificate)],
            },
            SecretType = SecretType,
            Data = new Dictionary<string, byte[]> { [SecretEntries.PrivateKey] = key.ToPem(KeyEncoding.Pkcs8) },
        };
    }

    private static PrivateKey? Read(Secret secret, DesiredCertificate desired)
    {
        if (secret.SecretType != SecretType || secret.Data?.GetValueOrDefault(SecretEntries.PrivateKey) is not { } pem)
            return null;
        try
        {
            PrivateKey key = PrivateKey.ReadPem(pem);
            if (key.Algorithm == desired.KeyAlgorithm && key.Size == desired.KeySize)
                return key;
            key.Dispose();
            return null;
        }
        catch (PkiException)
        {
            return null; // Somebody wrote over it; what it belonged to is lost in any case.
        }
    }
}
