package dev.jmtcp.spi.tck;

/** A part of the contract. All parts together are {@link PacketIoContractTest}, which a driver's test extends. */
public sealed interface Contract
        permits ProviderContract,
                OpenContract,
                PortContract,
                ReceiveContract,
                OwnershipContract,
                TransmitContract,
                FullContract,
                AwaitContract,
                QueueContract,
                OffloadContract,
                StatisticsContract,
                CloseContract,
                AllocationContract {

    /** What the tests open links with; not for drivers. */
    Bench bench();
}
