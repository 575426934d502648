using System.Text;
using CertOperator.Api;
using CertOperator.Runtime.Client;

namespace CertOperator.Secrets;

/// <summary>
/// The passwords that a Certificate's keystores ask for. <see cref="Version"/> changes when one of them may have changed and
/// tells nothing of it, so it can stand in an annotation.
/// </summary>
internal sealed record KeystorePasswords(string? Jks, string? Pkcs12, string Version)
{
    public static KeystorePasswords None { get; } = new(null, null, "");

    /// <summary>Reads them from the spec and from the Secrets that it names.</summary>
    /// <exception cref="KeystorePasswordException">A Secret or key is missing; the message says which.</exception>
    public static async Task<KeystorePasswords> ReadAsync(IKubeClient client, Certificate certificate, CancellationToken cancel)
    {
        if (certificate.Spec?.Keystores is not { } stores)
            return None;

        var jks = stores.Jks is { Create: true } j
            ? await ReadAsync(client, certificate, j.Password, j.PasswordSecretRef, cancel) : default;
        var pkcs12 = stores.Pkcs12 is { Create: true } p
            ? await ReadAsync(client, certificate, p.Password, p.PasswordSecretRef, cancel) : default;
        return new KeystorePasswords(jks.Password, pkcs12.Password, $"{jks.Version}/{pkcs12.Version}");
    }

    /// <summary>The versions alone: a record's own text would print the passwords.</summary>
    public override string ToString() => $"KeystorePasswords {Version}";

    private static async Task<(string? Password, string Version)> ReadAsync(
        IKubeClient client, Certificate certificate, string? inline, SecretKeyRef? reference, CancellationToken cancel)
    {
        if (reference is null)
            return (inline, $"spec.{certificate.Metadata.Generation}");

        var key = new ObjectKey(certificate.Metadata.Namespace ?? "", reference.Name);
        string entry = reference.Key ?? "password";
        Secret secret = await client.FindAsync<Secret>(key, cancel)
            ?? throw new KeystorePasswordException($"The Secret {key} that holds the keystore password does not exist: create it with the key {entry}.");
        byte[] password = secret.Data?.GetValueOrDefault(entry)
            ?? throw new KeystorePasswordException($"The Secret {key} has no key {entry} for the keystore password: add it.");
        return (Encoding.UTF8.GetString(password), $"{secret.Metadata.Uid}.{secret.Metadata.ResourceVersion}");
    }
}

/// <summary>A keystore password cannot be had; the message is for the user and holds no secret.</summary>
internal sealed class KeystorePasswordException(string message) : Exception(message);
