using System.Collections.Concurrent;
using CertOperator.Api;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;
using CertOperator.Secrets;

namespace CertOperator.Controllers.Served;

/// <summary>What is known of how each Certificate is served, and what is to be said of it.</summary>
internal sealed class ServedDesk
{
    private const string ByFingerprint = "fingerprint";

    private readonly Caches _caches;
    private readonly Func<ObjectKey, IEnumerable<ObjectKey>> _namers;
    private readonly ConcurrentDictionary<ObjectKey, ServedRecord> _records = [];

    /// <summary>Before the caches start.</summary>
    /// <param name="caches">Ingresses and Secrets.</param>
    /// <param name="namers">The Ingresses that name a Secret.</param>
    /// <param name="options">How patiently; null: nothing is verified.</param>
    public ServedDesk(Caches caches, Func<ObjectKey, IEnumerable<ObjectKey>> namers, ServedOptions? options)
    {
        (_caches, _namers, Options) = (caches, namers, options);
        if (options is not null)
            caches.Secrets.Store.AddIndex(ByFingerprint, (_, secret) => secret.Certificate is { } held ? [held.Fingerprint] : []);
    }

    public ServedOptions? Options { get; }

    /// <summary>The record of a Certificate; null if there is none.</summary>
    public ServedRecord? Find(ObjectKey certificate) => _records.GetValueOrDefault(certificate);

    public void Keep(ObjectKey certificate, ServedRecord record) => _records[certificate] = record;

    public void Forget(ObjectKey certificate) => _records.TryRemove(certificate, out _);

    /// <summary>What there is to ask about a Certificate.</summary>
    /// <param name="certificate">The Certificate.</param>
    /// <param name="secret">Its Secret as it is now; null if it is not there.</param>
    /// <returns>Null if no Ingress uses its Secret, or that holds nothing of it.</returns>
    public ServedScope? ScopeOf(Certificate certificate, SecretFacts? secret)
    {
        if (Options is null || certificate.Metadata.DeletionTimestamp is not null || secret is not { Problem: null, Certificate: { } stored } || !secret.IsOf(certificate.Metadata.Name))
            return null;

        IEnumerable<Ingress> ingresses = _namers(secret.Key).Select(_caches.Ingresses.Store.Find).OfType<Ingress>();
        return ServedScope.Of(ingresses, secret.Key.Name, stored.Names);
    }

    /// <summary>The condition Served as it should stand; null for none.</summary>
    /// <param name="certificate">The Certificate.</param>
    /// <param name="secret">Its Secret as it is now; null if it is not there.</param>
    public Condition? ConditionOf(Certificate certificate, SecretFacts? secret)
    {
        if (ScopeOf(certificate, secret) is not { } scope)
            return null;
        CertificateFacts stored = secret!.Certificate!;
        ServedRecord? record = Find(new ObjectKey(secret.Key.Namespace, certificate.Metadata.Name ?? ""));
        bool isOfThis = record is not null && record.Uid == certificate.Metadata.Uid && record.Fingerprint == stored.Fingerprint;
        IReadOnlyDictionary<ServedTarget, TargetState> states = isOfThis ? record!.States : new Dictionary<ServedTarget, TargetState>();
        string name = secret.Key.ToString();
        var verdict = ServedVerdict.Of(scope, states, name, stored, fingerprint => OwnerOf(fingerprint, secret.Key), Options!);
        return ServedCondition.Of(verdict, certificate, stored, name);
    }

    /// <summary>The Secret that holds a certificate; of another namespace no more than that there is one.</summary>
    private string? OwnerOf(string fingerprint, ObjectKey except)
    {
        ObjectKey[] owners = [.. _caches.Secrets.Store.LookupKeys(ByFingerprint, fingerprint).Where(key => key != except)];
        return owners.Where(key => key.Namespace == except.Namespace).OrderBy(key => key.Name, StringComparer.Ordinal).Select(key => $"Secret {key}").FirstOrDefault()
            ?? (owners.Length > 0 ? "a Secret of another namespace" : null);
    }
}
