using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory;
using CertOperator.Runtime.Objects;
using CertOperator.Runtime.Schema;
using CertOperator.Runtime.Tests.Kinds;
using CertOperator.Runtime.Yaml;

namespace CertOperator.Runtime.Tests.Schema;

public sealed class CrdBuilderTests
{
    [Fact]
    public void A_kind_becomes_its_definition()
        => Assert.Equal(
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata:
              name: appliances.example.org
            spec:
              group: example.org
              names:
                kind: Appliance
                listKind: ApplianceList
                plural: appliances
                singular: appliance
                shortNames:
                - ap
                categories:
                - toys
              scope: Namespaced
              versions:
              - name: v1
                served: true
                storage: true
                schema:
                  openAPIV3Schema:
                    description: A thing that does something.
                    type: object
                    required:
                    - spec
                    properties:
                      apiVersion:
                        type: string
                      kind:
                        type: string
                      metadata:
                        type: object
                      spec:
                        description: What is wanted.
                        type: object
                        required:
                        - name
                        properties:
                          name:
                            description: How it is called.
                            type: string
                            pattern: "^[a-z]+$"
                            minLength: 1
                            maxLength: 63
                          size:
                            type: string
                            enum:
                            - Small
                            - Large
                          word:
                            type: string
                            enum:
                            - a
                            - b
                          count:
                            type: integer
                            format: int32
                            minimum: 1
                            maximum: 9
                          total:
                            type: integer
                            format: int64
                          ratio:
                            type: number
                            minimum: 0
                          active:
                            type: boolean
                          since:
                            type: string
                            format: date-time
                          hosts:
                            type: array
                            nullable: true
                            minItems: 1
                            maxItems: 10
                            items:
                              type: string
                              maxLength: 253
                          labels:
                            type: object
                            nullable: true
                            maxProperties: 5
                            additionalProperties:
                              type: string
                          data:
                            type: string
                            format: byte
                          free:
                            type: object
                            nullable: true
                            x-kubernetes-preserve-unknown-fields: true
                          hidden:
                            type: string
                          parts:
                            type: array
                            nullable: true
                            items:
                              description: A piece.
                              type: object
                              required:
                              - id
                              properties:
                                id:
                                  type: string
                              x-kubernetes-validations:
                              - rule: self.id != 'x'
                                message: x is taken.
                            x-kubernetes-list-type: map
                            x-kubernetes-list-map-keys:
                            - id
                        x-kubernetes-validations:
                        - rule: "!has(self.count) || self.count < 5"
                          message: Not so many.
                        - rule: self.name != 'y'
                          message: y is taken.
                      status:
                        type: object
                        nullable: true
                        properties:
                          phase:
                            type: string
                subresources:
                  status: {}
                additionalPrinterColumns:
                - name: Phase
                  type: string
                  jsonPath: ".status.phase"
                - name: Count
                  type: integer
                  jsonPath: ".spec.count"
                  priority: 1
                  description: How many.

            """,
            YamlWriter.Write(CrdBuilder.Build<Appliance>()),
            ignoreLineEndingDifferences: true);

    [Fact]
    public async Task A_cluster_serves_what_was_built_and_holds_to_its_rules()
    {
        var cluster = new InMemoryCluster(new FakeTimeProvider());
        cluster.RegisterCrd(CrdBuilder.Build<Appliance>());
        var client = new InMemoryKubeClient(cluster);
        var good = new Appliance
        {
            Metadata = new ObjectMeta { Name = "mixer", Namespace = "default" },
            Spec = new ApplianceSpec { Name = "mixer", Size = ApplianceSize.Small, Since = DateTimeOffset.UnixEpoch, Data = [1, 2] },
        };
        var stored = await client.CreateAsync(good, CancellationToken.None);
        Assert.Equal(good.Spec.Data, stored.Spec.Data);
        var bad = good with { Metadata = good.Metadata with { Name = "bad" }, Spec = good.Spec with { Count = 10 } };
        var refusal = await Assert.ThrowsAsync<KubeException>(() => client.CreateAsync(bad, CancellationToken.None));
        Assert.Equal(KubeFailure.Invalid, refusal.Failure);
    }

    [Fact]
    public void A_type_that_contains_itself_is_refused()
        => Assert.Contains(
            "contains itself", Assert.Throws<InvalidOperationException>(CrdBuilder.Build<Endless>).Message, StringComparison.Ordinal);

    [Fact]
    public void A_type_hidden_by_a_converter_is_refused_unless_it_is_named()
        => Assert.Contains(
            "odd", Assert.Throws<InvalidOperationException>(CrdBuilder.Build<Opaque>).Message, StringComparison.Ordinal);

    [Fact]
    public void Building_twice_gives_the_same()
        => Assert.True(JsonNode.DeepEquals(CrdBuilder.Build<Appliance>(), CrdBuilder.Build<Appliance>()));
}
